from django.db import models


class Row(models.Model):
    """A message of a chat that knows nothing but rooms."""

    room = models.CharField(max_length=40, db_index=True)
    client_id = models.CharField(max_length=40)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "chat_peers"

    def __str__(self) -> str:
        return self.text
