"""What the chat is measured against: the ordinary Channels chat, and a hub with nothing else."""
