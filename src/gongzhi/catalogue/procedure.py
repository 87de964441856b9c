"""A published procedure as the matters engine reads it: pure, frozen, complete. No Django, no YAML.

The transition table is the single judge of what may happen: `verbs_from` says what exists in a state, `outcome`
says where a verb leads, `clock_moves` says what happens to each clock. Who may do it and whether a guard holds is
answered by the matters room, which knows the matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Delivery = Literal["now", "digest", "shown"]
Differs = Literal["person", "organisation"]
MoveKind = Literal["start", "stop", "pause", "resume", "continue"]

RELATIONS = (
    "anyone",  # no sign-in needed
    "reporter",  # the person the matter is for
    "lead",  # member of the organisation that leads now
    "handler",  # the very person who signed for it
    "assistant",  # member of an assisting organisation
    "tasked",  # member of a unit inside the lead's house that something was handed on to, or that very person
    "called",  # member of an organisation that a whistle called
    "supervised",  # member of the organisation that is supervised
    "desk",  # holds the role over the matter's area, and dispatches there
    "area",  # holds the role over the matter's area
    "district",  # holds the role over the whole district the matter lies in, or over more
    "supervisor",  # holds the role in an organisation that supervises the item, or above the area
    "system",
)
STAGES = ("intake", "dispatch", "handling", "review", "appraisal", "closed")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of data in both languages; the interface never stores one translated text."""

    zh: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        return (self.en or self.zh) if language.startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh)

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a number comes from. kind: law | rule | practice | default (ours, to be replaced by the town)."""

    kind: str
    text: Wording
    since_on: str = ""  # ISO date from which it holds


@dataclass(frozen=True, slots=True)
class Number:
    """A dated, sourced number that a guard reads. unit: a calendar unit, or "times"."""

    code: str
    value: int
    unit: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class State:
    """holder: the relation that has the next move (whose inbox it is in). public: what the reporter reads."""

    code: str
    titles: Wording
    stage: str
    public: Wording
    holder: str = ""
    holder_roles: tuple[str, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Both must hold. role "" = any role (or none, for reporter and anyone)."""

    role: str
    relation: str


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """The doer must differ from whoever did `verb` last in this matter: another person, or another organisation."""

    verb: str
    differs: Differs = "person"


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    titles: Wording
    reply: Wording = Wording()  # text proposed to the desk (diversions)


@dataclass(frozen=True, slots=True)
class Field:
    """kind: text | long_text | choice | integer | boolean | files | date | organisation | organisations | account |
    matter | category | area | position | fact. of: the kind of open fact to choose from (kind fact)."""

    code: str
    titles: Wording
    kind: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    length_max: int = 0
    value_min: int | None = None
    value_max: int | None = None
    public: bool = False  # its text is shown to the reporter
    help: Wording = Wording()
    of: str = ""

    def choice(self, code: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True)
class Notify:
    """to: a relation (reporter, lead, handler, desk…) or `role:quality`. Reporters read the verb's `tells`."""

    to: str
    delivery: Delivery = "now"


@dataclass(frozen=True, slots=True)
class Branch:
    """First that matches wins: `guard` passes, or form `field` equals `value`. to_state "" = stays.

    tells None = as the verb says; an empty Wording = the reporter is not told on this branch."""

    to_state: str
    guard: str = ""
    field: str = ""
    value: str = ""
    tells: Wording | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """to_state "" = the state stays. options: fixed parameters of the effect. tells: what the reporter is told."""

    code: str
    titles: Wording
    from_states: tuple[str, ...]
    to_state: str
    who: tuple[Who, ...]
    effect: str
    guards: tuple[str, ...] = ()
    form: tuple[Field, ...] = ()
    branches: tuple[Branch, ...] = ()
    second_person: tuple[SecondPerson, ...] = ()
    primary: bool = False
    bulk: bool = False
    notify: tuple[Notify, ...] = ()
    tells: Wording = Wording()
    options: Mapping[str, str] = field(default_factory=dict)

    def form_field(self, code: str) -> Field | None:
        return next((entry for entry in self.form if entry.code == code), None)

    @property
    def targets(self) -> tuple[str, ...]:
        """Every state this verb can lead to ("" = stays), branches first."""
        return tuple(dict.fromkeys([*(branch.to_state for branch in self.branches), self.to_state]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """to_state is resolved (never ""). tells is empty when the reporter is not told."""

    to_state: str
    tells: Wording


@dataclass(frozen=True, slots=True)
class Clock:
    """Triggers are verb codes, `enter:STATE` or `leave:STATE`.

    limit: "own" | "mandate.response" | "mandate.handling" | "superior" (an instant the superior gave); value and unit are the limit for "own" and the fallback
    otherwise. calendar: "unit" (working hours of the bearer) or "always". repeats False: once started it never
    starts anew (the person's clock). continues: the run that entering this final state stopped goes on as if it never had. Starting or resuming a running clock, stopping or pausing one that does not
    run: nothing happens. promised: its due time is shown to the reporter. bearer: relation judged by it.
    per: a kind of fact, each of which has a clock of its own: a verb moves the clocks of the facts it concerns, entering
    or leaving a state moves all of them.
    """

    code: str
    titles: Wording
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    limit: str
    value: int
    unit: str
    basis: Basis
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()
    calendar: str = "unit"
    repeats: bool = True
    promised: bool = False
    bearer: str = "lead"
    per: str = ""


@dataclass(frozen=True, slots=True)
class ClockMove:
    """by_verb: the verb itself moves it, not a change of state."""

    clock: str
    kind: MoveKind
    by_verb: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Escalation:
    """Once per clock and step: at `at_percent` of the limit used, tell `to` (relation or `role:street_leader`)."""

    clock: str
    at_percent: int
    to: str


@dataclass(frozen=True)
class Procedure:
    """version and digest are given by the catalogue when it is published; 0 and "" before. Asked thousands of times a
    second: what it finds once it remembers."""

    code: str
    kind: str
    titles: Wording
    initial: str
    states: tuple[State, ...]
    verbs: tuple[Verb, ...]
    clocks: tuple[Clock, ...]
    escalation: tuple[Escalation, ...]
    numbers: tuple[Number, ...] = ()
    version: int = 0
    digest: str = ""

    def state(self, code: str) -> State:
        return self._states[code]

    def verb(self, code: str) -> Verb | None:
        return self._verbs.get(code)

    def clock(self, code: str) -> Clock:
        return self._clocks[code]

    def number(self, code: str) -> Number:
        return next(number for number in self.numbers if number.code == code)

    def ladder(self, clock: str) -> frozenset[int]:
        """Percents of a clock's limit at which somebody is told."""
        return self._ladders.get(clock, frozenset())

    @property
    def guards(self) -> tuple[str, ...]:
        """Every guard name used, of verbs and of branches."""
        names = [name for verb in self.verbs for name in verb.guards]
        names += [branch.guard for verb in self.verbs for branch in verb.branches if branch.guard]
        return tuple(dict.fromkeys(names))

    def verbs_from(self, state: str) -> tuple[Verb, ...]:
        return tuple(verb for verb in self.verbs if state in verb.from_states)

    def outcome(
        self, verb: Verb, *, from_state: str, form: Mapping[str, object], passes: Callable[[str], bool]
    ) -> Outcome:
        """Where `verb` leads with this form; `passes` answers a guard by name."""
        for branch in verb.branches:
            if passes(branch.guard) if branch.guard else form.get(branch.field) == branch.value:
                tells = verb.tells if branch.tells is None else branch.tells
                return Outcome(branch.to_state or from_state, tells)
        return Outcome(verb.to_state or from_state, verb.tells)

    def clock_moves(self, verb: str, *, from_state: str, to_state: str) -> tuple[ClockMove, ...]:
        """What one transition does to the clocks: what goes on first, then stops and pauses, then resumes and starts."""
        asked = (verb, from_state, to_state)
        if asked not in self._moves:
            self._moves[asked] = self._worked_out(*asked)
        return self._moves[asked]

    def _worked_out(self, verb: str, from_state: str, to_state: str) -> tuple[ClockMove, ...]:
        happened = {verb}
        if from_state != to_state:
            happened |= {f"leave:{from_state}", f"enter:{to_state}"}
        moves: list[ClockMove] = []
        kinds: tuple[MoveKind, ...] = ("continue", "stop", "pause", "resume", "start")
        for kind in kinds:
            triggers = f"{kind}s"
            for clock in self.clocks:
                met = happened & set(getattr(clock, triggers))
                if met:
                    moves.append(ClockMove(clock.code, kind, by_verb=met == {verb}))
        return tuple(moves)

    @cached_property
    def _states(self) -> Mapping[str, State]:
        return {state.code: state for state in self.states}

    @cached_property
    def _verbs(self) -> Mapping[str, Verb]:
        return {verb.code: verb for verb in self.verbs}

    @cached_property
    def _clocks(self) -> Mapping[str, Clock]:
        return {clock.code: clock for clock in self.clocks}

    @cached_property
    def _ladders(self) -> Mapping[str, frozenset[int]]:
        codes = {step.clock for step in self.escalation}
        return {c: frozenset(step.at_percent for step in self.escalation if step.clock == c) for c in codes}

    @cached_property
    def _moves(self) -> dict[tuple[str, str, str], tuple[ClockMove, ...]]:
        return {}
