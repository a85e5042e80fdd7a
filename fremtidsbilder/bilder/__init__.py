"""The images of the future: written, set as versions, illustrated, and taken in use by a kommune or a unit."""
