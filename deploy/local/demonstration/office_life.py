"""What else goes on: queries and their answers, frequently asked questions, people who join an organisation."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.local.demonstration.progress import Part
from deploy.local.demonstration.world import World
from deploy.local.people.offices import sign_in

# The last three are those that the platform answers most often; they are the most recent ones, too.
FAQS = {
    "Who pays for the journey?": "The visiting organisation pays its own costs and receives one lump sum after the closing report and the evidence.",
    "How long may a stay be?": "At least three full working days, travel not counted, and at most one month.",
    "Is an internship possible?": "No. The scheme supports capacity building and business-oriented collaboration only.",
    "How to update information on my profile, after validation?": "Open your registration and change it. What matters for eligibility waits for your contact point.",
    "How to subscribe / unsubscribe to the newsletter/weekly digest?": "Give your address and choose the newsletters on the page 'Newsletter'; you need no account. There is a monthly and a quarterly one; a weekly digest is not sent.",
    "How to get a new password to access my profile?": "Follow 'Request a new password' on the log-in page; a link comes by mail.",
}
FAQS_IN_FRENCH = {
    "Qui paie le voyage ?": "L'organisation visiteuse paie ses propres frais et reçoit une somme forfaitaire après le rapport final et les justificatifs.",
    "Combien de temps peut durer un séjour ?": "Au moins trois jours ouvrables complets, hors voyage, et un mois au plus.",
    "Un stage est-il possible ?": "Non. Le programme soutient uniquement le renforcement des capacités et la collaboration tournée vers les affaires.",
    "Comment mettre à jour les informations de mon profil après validation ?": "Ouvrez votre inscription et modifiez-la. Ce qui compte pour l'éligibilité attend votre point de contact.",
    "Comment s'abonner ou se désabonner de la lettre d'information ?": "Indiquez votre adresse et choisissez les lettres sur la page « Lettre d'information » ; aucun compte n'est nécessaire. Il y en a une mensuelle et une trimestrielle.",
    "Comment obtenir un nouveau mot de passe pour accéder à mon profil ?": "Suivez « Demander un nouveau mot de passe » sur la page de connexion ; un lien vous parvient par courriel.",
}
QUERIES = (
    ("May a university host?", "We are a university's technology centre. May we host?", "answer"),
    ("Two travellers", "May two colleagues travel together?", "answer"),
    ("Thank you", "Thank you for the good advice on the telephone.", "closure"),
    ("Dates in the summer", "May a stay begin in one month and end in the next?", ""),
    ("Proof of travel by train", "We come by train. What takes the place of boarding passes?", ""),
)
JOININGS = {"": "asked", "acceptance": "accepted", "refusal": "declined", "withdrawal": "withdrawn"}


def office_life(world: World) -> Iterator[Part]:
    """All of it."""
    for number, (question, answer) in enumerate(FAQS.items()):
        yield f"faq/{number}", lambda question=question, answer=answer: _faq(world, question, answer)  # type: ignore[misc]
    for number, (question, answer) in enumerate(FAQS_IN_FRENCH.items()):
        yield f"faq/fr/{number}", lambda question=question, answer=answer: _faq(world, question, answer, "fr")  # type: ignore[misc]
    for number in range(len(QUERIES)):
        yield f"query/{number}", lambda number=number: _query(world, number)  # type: ignore[misc]
    yield "query/anonymous", lambda: _anonymous_query(world)
    for number, move in enumerate(JOININGS):
        yield f"joining/{number}", lambda number=number, move=move: _join(world, number, move)  # type: ignore[misc]


def _faq(world: World, question: str, answer: str, language: str = "en") -> None:
    world.support().post("/v1/faqs", question=question, answer=answer, language=language)


def _query(world: World, number: int) -> None:
    subject, question, move = QUERIES[number]
    sender = world.representative([each for each in world.organisations if each.takes_part][number * 3])
    made = sender.post("/v1/queries", subject=subject, question=question).body
    if move:
        answer = {"answer": "Yes, that is possible; your contact point helps with the details."} if move == "answer" else {}
        query = f"/v1/queries/{made['query_id']}"
        world.support().decide(f"{query}/{move}", query, **answer)


def _anonymous_query(world: World) -> None:
    about = {
        "name": "A visitor of the page",
        "e_mail": "reader@demo.example",
        "subject": "How to begin?",
        "question": "Where do I register?",
    }
    made = world.entrance.send("POST", "/v1/queries", body=about, key="demonstration-anonymous-query").body
    query = f"/v1/queries/{made['query_id']}"
    world.support().decide(f"{query}/answer", query, answer="Create an account first; then begin a registration.")


def _join(world: World, number: int, move: str) -> None:
    organisation = [each for each in world.organisations if each.takes_part][20 + number]
    colleague = world.person(sign_in(f"colleague.{number}", "colleague", organisation.profile.country, 1))
    world.get_account(colleague, organisation.profile.legal_name, organisation.profile.country)
    representative = world.representative(organisation)
    place = representative.get(f"/v1/registrations/{world.participation(organisation)}").body["organisation_id"]
    link = f"/v1/joinings/{colleague.post(f'/v1/organisations/{place}/joinings', note='I work in the same office.').body['joining_id']}"
    if move:
        (colleague if move == "withdrawal" else representative).post(f"{link}/{move}")
