"""What an organisation decides for itself: the questions of its guides."""
