"""Pure rules of the movement: what a register asks for, who was trained."""
