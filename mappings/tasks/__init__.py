"""OX tasks (module `tasks`) and VTODO, both ways. Pure: no input, no output, no clock.

An OX task is one object that shows one occurrence. What OX has no place for is the residue (``residue``).
"""
