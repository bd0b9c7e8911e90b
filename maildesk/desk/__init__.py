"""What we decide: pure functions of facts and `now`. No I/O, no clock, no randomness."""
