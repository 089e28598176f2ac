"""Application passwords: secrets beside the password of an account, each for one program and some scopes."""
