"""The operations of the SaaSquatch API, a module for each tag."""
