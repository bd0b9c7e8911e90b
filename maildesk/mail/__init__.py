"""What a letter is: file or bytes to values and back. Knows nothing of tickets."""
