"""The rules of fivexl/terraform-aws-cloudtrail-to-slack as Trailbell's."""
