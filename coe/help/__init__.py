"""What a COE is, in the words of the product: for whoever opens it for the first time."""
