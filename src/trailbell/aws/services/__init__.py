"""The services, a file each; `trailbell.aws.registry` lists them. Each file has its `Service` under the name SERVICE."""
