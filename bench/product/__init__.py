"""The product as a whole: each module measures one thing, in processes of its own, and prints one JSON object."""
