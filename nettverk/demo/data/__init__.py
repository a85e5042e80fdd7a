"""What the demo data is made from: invented names of people and of units."""
