"""The bundled contracts, as the server and the tools read them."""
