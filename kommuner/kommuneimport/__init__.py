"""All of Norway's kommuner, from Statistics Norway's classification 131: read, compared, written."""
