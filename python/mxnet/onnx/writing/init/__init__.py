"""Arrays without inputs."""
