"""What a picture shows, as plain values: testable by equality, drawn elsewhere."""
