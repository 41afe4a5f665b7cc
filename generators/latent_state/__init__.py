"""Tasks of the category latent_state."""
