"""Long work and letters: asked for by a person, done by a worker, never lost and never done twice."""
