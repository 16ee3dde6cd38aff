"""Signals for integrators. All are sent after the transaction has committed, never before.

``conditions_changed``        sender ``AtencionSettings``; ``site_id``. Hours, limits or texts.
``terms_in_force``            sender ``Terms``; ``terms``. A new version, just published.
``conversation_changed``      sender ``Conversation``; ``conversation``.
``message_posted``            sender ``Message``; ``message``, and ``faq``: the number of the answer
                              in the FAQ that an agent gave with it, or ``None``.
``conversation_ended``        sender ``Conversation``; ``conversation``.
``conversation_transferred``  sender ``Conversation``; ``conversation``, ``transfer``: to whom.
``attendance_changed``        sender ``Attendance``; ``attendance``: attending, away or off duty.
``contribution_submitted``    sender ``Contribution``; ``contribution``.
``contribution_edited``       sender ``Contribution``; ``contribution``. By its author.
``contribution_moderated``    sender ``Contribution``; ``contribution``, ``user``.
``sanction_imposed``          sender ``Sanction``; ``sanction``.
``sanction_lifted``           sender ``Sanction``; ``sanction``.
``mail_queued``               sender ``OutgoingMail``. At least one mail waits to be sent.
``result_file_wanted``        sender ``ResultFile``. At least one file of a forum waits to be made.
``limit_reached``             no sender; ``group``, the name of the limit, and ``by``: "address",
                              "person" or "mail". Sent at once: nothing is stored. Count it for
                              your metrics.
"""

from __future__ import annotations

from django.dispatch import Signal

conditions_changed = Signal()
terms_in_force = Signal()
conversation_changed = Signal()
message_posted = Signal()
conversation_ended = Signal()
conversation_transferred = Signal()
attendance_changed = Signal()
contribution_submitted = Signal()
contribution_edited = Signal()
contribution_moderated = Signal()
sanction_imposed = Signal()
sanction_lifted = Signal()
mail_queued = Signal()
result_file_wanted = Signal()
limit_reached = Signal()
