"""What AWS's services are: their names, their resources, their pages in the console."""
