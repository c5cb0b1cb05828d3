"""What matching forgets of a person who is erased."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.forgetting import forget_answers
from chassis.running.held import held_about
from chassis.running.unit import Units
from contracts.identity.events import PersonErased
from contracts.matching import ReadHeld
from services.matching.model import Base
from services.matching.queries import changes, erasure


class ErasureDoors:
    """Messages and reasons that erased persons wrote."""

    unit = Units()

    @answers(ReadHeld)
    def read_held(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All that is held here of a person."""
        with self.unit() as unit:
            tables = held_about(unit, Base.metadata, request["person_id"])
            return unit.reply({"tables": tables, "files": [_file(row) for row in tables.get("attachment", [])]})

    @listens(PersonErased)
    def forget_person(self, event: Heard) -> None:
        """Forget what the person wrote and under which name; that something was written, and when, stays."""
        person_id = event.data["person_id"]
        with self.unit() as unit:
            messages, contacts = erasure.messages(unit, person_id), erasure.contacts(unit, person_id)
            complaints = erasure.complaints(unit, person_id)
            telling = {message.name for message in messages} | {word for contact in contacts for word in contact.words_of(person_id)}
            telling |= {word for complaint in complaints for word in (complaint.text, complaint.decision) if word}
            known = {message.text for message in messages} | erasure.drop_attachments(unit, person_id)
            for message in messages:
                message.forget_person()
            for complaint in complaints:
                complaint.forget_person()
            for contact in contacts:
                contact.forget_person(person_id)
            if contacts:
                version = changes.count_change(unit)
                for contact in contacts:
                    contact.data_version = version
            erasure.forget_reading(unit, person_id)
            erasure.forget_searches(unit, person_id)
            forget_answers(unit, person_id, telling, known)


def _file(row: dict[str, Any]) -> dict[str, str]:
    return {"what": str(row["name"]), "link": f"/v1/attachments/{row['id']}/file"}
