"""The lifecycle of a registration, and of the participation that an accepted one is."""

from __future__ import annotations

from chassis.bare.lifecycle import Lifecycle, move

OPEN = "draft submitted more_info_requested accepted paused"
IN_SCHEME = ("accepted", "paused")
HOSTING_STATES = ("submitted", "more_info_requested", "accepted", "paused")
"""Where hosting can be approved."""
ENDED = ("rejected", "expired", "withdrawn")

REGISTRATION = Lifecycle(
    "registration",
    "draft",
    move("revise", "draft", "draft", "representative"),
    move("revise", "more_info_requested", "more_info_requested", "representative"),
    move("revise", "accepted", "accepted", "representative"),
    move("revise", "paused", "paused", "representative"),
    move("attach_cv", "draft", "draft", "representative"),
    move("attach_cv", "more_info_requested", "more_info_requested", "representative"),
    move("attach_cv", "accepted", "accepted", "representative"),
    move("attach_cv", "paused", "paused", "representative"),
    move("submit", "draft more_info_requested", "submitted", "representative"),
    move("recall", "submitted", "draft", "representative"),
    move("request_info", "submitted", "more_info_requested", "contact_point"),
    move("approve_hosting", "submitted", "submitted", "contact_point"),
    move("approve_hosting", "more_info_requested", "more_info_requested", "contact_point"),
    move("approve_hosting", "accepted", "accepted", "contact_point"),
    move("approve_hosting", "paused", "paused", "contact_point"),
    move("accept", "submitted", "accepted", "contact_point"),
    move("reject", "submitted", "rejected", "contact_point"),
    move("reopen", "rejected", "submitted", "contact_point"),
    move("approve_change", "accepted", "accepted", "contact_point"),
    move("approve_change", "paused", "paused", "contact_point"),
    move("decline_change", "accepted", "accepted", "contact_point"),
    move("decline_change", "paused", "paused", "contact_point"),
    move("pause", "accepted", "paused", "representative contact_point"),
    move("resume", "paused", "accepted", "representative contact_point"),
    move("ask_interest", "accepted", "accepted", "platform"),
    move("ask_interest", "paused", "paused", "platform"),
    move("confirm_interest", "accepted", "accepted", "representative"),
    move("confirm_interest", "paused", "paused", "representative"),
    move("expire", "accepted paused", "expired", "platform"),
    move("withdraw", OPEN, "withdrawn", "representative platform"),
)
