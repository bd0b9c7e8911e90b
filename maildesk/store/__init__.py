"""What we remember: the only SQL of the house, and the blobs beside it."""
