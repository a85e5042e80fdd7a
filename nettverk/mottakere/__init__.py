"""Who something that is sent to many, goes to: the kinds of filter, who is reached, and the picker."""
