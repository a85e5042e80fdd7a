"""Writing together: nobody's text is lost, and no child is named."""
