"""`make evaluate`: hold orders against what both sides decided, on the log of an installation or on a file of decisions."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.message import new_id
from chassis.bare.principal import Signer
from chassis.running.calls import BrokerAsker
from chassis.running.frame import make_frame
from chassis.running.occasions import Occasion
from chassis.running.unit import open_unit
from services.matching.evaluation import log
from services.matching.evaluation.decisions import Decision, WrongFile, read, write
from services.matching.evaluation.measures import Figures, evaluate
from services.matching.evaluation.orders import Weights
from services.matching.service import Matching

NAMES = ("ndcg", "precision", "mrr", "coverage", "gini", "cost")


def read_weights(text: str) -> Weights:
    """Weights written `learning=300,topics=0`; those not named stay as they are stated; raises ValueError."""
    if not text:
        return None
    return {name.strip(): _not_negative(value) for name, _, value in (each.partition("=") for each in text.split(","))}


def _not_negative(text: str) -> int:
    if (value := int(text)) < 0:
        raise ValueError(f"{text} is negative")
    return value


def table(figures: list[Figures]) -> str:
    """The figures as a table."""
    lines = [f"{'order':15} {'NDCG@10':>9} {'prec.@10':>9} {'MRR':>9} {'coverage':>9} {'Gini':>9} {'cost':>9} {'lists':>7}"]
    for each in figures:
        lines.append(" ".join([f"{each.order:15}", *(f"{getattr(each, name):9.4f}" for name in NAMES), f"{each.asked:7}"]))
    return "\n".join(lines)


def main() -> None:
    """Read the command line, evaluate, print."""
    asked = _arguments()
    try:
        decisions = read(asked.file.open(encoding="utf-8", newline="")) if asked.file else _of_log()
        if asked.save:
            with asked.save.open("w", encoding="utf-8", newline="") as file:
                write(decisions, file)
        figures = evaluate(decisions, read_weights(asked.weights))
    except (WrongSetting, WrongFile, OSError, ValueError) as reason:
        sys.exit(f"evaluate: {reason}")
    print(f"{len(decisions)} pairs shown, {sum(each.is_mutual for each in decisions)} of them with a yes from both")
    print("\n".join(json.dumps(each._asdict()) for each in figures) if asked.json else table(figures))


def _of_log() -> list[Decision]:
    config = read_config()
    asker = BrokerAsker(config.amqp_uri, Signer(Matching.name, config.key_file), config.call_timeout_s)
    frame = make_frame(Matching, config, asker)
    with open_unit(frame, Occasion(frame.itself, f"evaluate-{new_id()}"), steady=True) as unit:
        counts = log.funnel(unit)
        print(", ".join(f"{name} {value}" for name, value in counts._asdict().items() if value is not None))
        return list(log.decisions(unit))


def _arguments() -> argparse.Namespace:
    told = os.environ
    parser = argparse.ArgumentParser(prog="evaluate", description="Hold orders against what both sides decided.")
    parser.add_argument("--file", type=_path, default=_path(told.get("FILE", "")), help="a CSV of decisions instead of the log")
    parser.add_argument("--weights", default=told.get("WEIGHTS", ""), help="learning=300,topics=0 in the place of those stated")
    parser.add_argument("--save", type=_path, default=_path(told.get("SAVE", "")), help="write the decisions as CSV")
    parser.add_argument("--json", action="store_true", default=told.get("JSON", "0") not in ("", "0"), help="a JSON line per order")
    return parser.parse_args()


def _path(text: str) -> Path | None:
    return Path(text) if text else None


if __name__ == "__main__":
    main()
