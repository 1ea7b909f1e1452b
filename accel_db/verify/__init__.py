"""Looks printed figures up in the documents they were read in. The only room that uses the network; it judges no claim and changes no file but its cache."""
