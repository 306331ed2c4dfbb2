"""What whoever watches over the process is told: whether it lives, whether it is ready, and its figures."""
