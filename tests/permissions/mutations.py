"""Every permission check of the product, found in its source, each with what the source would be
without it.

Found are: refusals (`raise PermissionDenied` and its like), calls that fetch through the person
who asks, the rules themselves (functions that take a `user`), the table of transitions, the need
to sign in of each view, the token of each form, and the document that each row is fetched through.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCT = CHECKOUT / "coe"

# Where nothing asks who somebody is.
ELSEWHERE = {"database", "demo", "exports/report.py", "exports/pdf_worker.py", "migrations", "text"}

REFUSALS = {"PermissionDenied", "ReadOnly", "TextChanged"}
STALE_PACKAGES = {"publishing", "reviews"}

# Each way to fetch, and the one that asks for less.
WEAKER = {
    "owned_document": ("coe.documents.queries", "writable_document"),
    "writable_document": ("coe.documents.queries", "readable_working_copy"),
    "writable_section": ("tests.permissions.unchecked", "any_section"),
    "readable_working_copy": ("coe.documents.queries", "readable_document"),
    "readable_document": ("coe.documents.queries", "known_document"),
    "known_document": ("tests.permissions.unchecked", "any_document"),
    "printable_draft_for": ("coe.publishing.printables", "printable_for"),
    "printable_for": ("tests.permissions.unchecked", "printable_of_any"),
}
SIGHT = {"visible_to", "known_to", "working_copy_visible_to", "governed_by"}

# Rules are the functions that take one of these, and those named below.
ASKERS = {"user", "seen_by"}
MORE_RULES = {
    "Approvers.of",
    "Approvers._leaders",
    "_holds",
    "is_editable",
    "require_administrator",
    "shelf",
}
NO_RULES = {"__init__", "add_participant", "person"}

# Keywords of filters that say whose something is.
PEOPLE = {
    "current_version__isnull",
    "incident__team",
    "incident__team__in",
    "is_active",
    "is_leader",
    "is_restricted",
    "owner",
    "pk__in",
    "role",
    "shows_working_copy",
    "user",
}
FILTERS = {"Q", "exclude", "filter", "get", "get_object_or_404"}

# What asks who somebody is, or which COE it is, and may go all the same, with the reason.
HARMLESS = {
    "begin: @administrators_only": "the service asks again, and nothing is fetched before",
    "shelf: without is_corrected": "when a correction is named, not to whom",
    "explanations: Explanation.objects.filter without document": "causes are looked up in it",
    "CauseForm.__init__: Explanation.objects.filter without document": "likewise",
    "_promises: Promise.objects.visible_to(viewer).open().exclude without document": (
        "what the COE promises itself is counted twice, and tests/reviews sees it"
    ),
    "_put_behind: Cause.objects.filter without document": "others keep their order among them",
    "_causes: Explanation.objects.filter without document": "causes are looked up in it",
    "redactions_of: HistoryEvent.objects.filter without document": "is looked up in by event",
    "Names.cause: Cause.objects.filter without document": "is looked up in by key",
    "_order_as_today: ROW_MODELS[subject]._default_manager.filter without document": (
        "is looked up in by identity"
    ),
    "find_row: kind.model._default_manager.filter without document": "the page lists its own rows",
    "saved: writable_document": "read again after the save; the view fetched through it",
    "in_order: Entry.objects.filter without document": "chooses a place or a day, shows no word",
    "_record_marked: Entry.objects.filter(milestone=mark.milestone).exclude without document": (
        "a milestone is of one COE"
    ),
    "add_entry: Entry.objects.filter without document": "only tells whether it is a repetition",
    "_drawn_beside: Explanation.objects.filter without document": "is looked up in by cause",
    "_Adapting._let_go: HistoryEvent.objects.filter without document": "a cause is of one COE",
    "keep_promises: ActionItem.objects.filter without document": "is looked up in by identity",
    "siblings: Explanation.objects.filter without document": "taken out of causes of one COE",
    "closing_a_circle: Explanation.objects.filter without document": "no edge leaves a COE",
    "_owned: Document.objects.visible_to(seen_by).filter without owner": "is looked up in by key",
    "_owned: Document.objects.working_copy_visible_to(seen_by).filter without owner": "likewise",
    "_promised: Promise.objects.visible_to(seen_by).filter without owner": "likewise",
    "_working_copy_readers: Q without pk__in": "an empty condition falls away beside another",
    "DocumentQuerySet.writable_by: self.kept().filter without "
    "Q(owner=user) | Q(_takes_part(user, role='contributor'))": (
        "says whether a page that was read is unchanged; what is shown is fetched anew"
    ),
    "with_others: _authored_by(user).filter without Q(state=State.IN_REVIEW) | to_publish": (
        "all of them are the person's own"
    ),
    "with_others: only Q(state=State.IN_REVIEW)": "fewer of one's own are told of",
    "with_others: only to_publish": "likewise",
    "with_others: Q without owner": "who has it now is never among those who wait for it",
    "catalogue: _as_read(mine).filter without Q(started_at__isnull=False)": (
        "leaves out what has no year"
    ),
    "with_others: Presence.objects.filter without document": "likewise",
    "earlier_actions: promises.exclude without document": "what is looked at is readable by all",
    "_holds: return True": "tells whether a name stands in a text",
    "DocumentQuerySet.writable_by: Q without owner": "likewise, and fewer are told",
    "DocumentQuerySet.writable_by: only Q(owner=user)": "likewise, and fewer are told",
    "DocumentQuerySet.writable_by: only Q(_takes_part(user, role='contributor'))": (
        "likewise, and fewer are told"
    ),
    "may_publish: without document.state != State.APPROVED": "without approval nothing is signed",
    "may_publish: without signed is None": "what is approved is signed",
}


@dataclass(frozen=True)
class Mutation:
    """One check taken out: where, what, and the source of the module without it."""

    path: Path
    line: int
    name: str
    source: str

    @property
    def module(self) -> str:
        parts = self.path.relative_to(CHECKOUT).with_suffix("").parts
        return ".".join(parts)

    def __str__(self) -> str:
        return f"{self.path.relative_to(CHECKOUT)}:{self.line} {self.name}"


Edit = tuple[ast.AST, str, Callable[[ast.AST], ast.AST | list[ast.stmt]]]


def all_mutations() -> list[Mutation]:
    """Every mutation of every module, in the order of the files."""
    return [mutation for path in sources() for mutation in mutations_of(path)]


def known_names() -> set[str]:
    """The names of all that is found, what is harmless included."""
    trees = [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sources()]
    return {name for path, tree in trees for _, name, _ in edits(tree, path.relative_to(PRODUCT))}


def sources() -> Iterator[Path]:
    for path in sorted(PRODUCT.rglob("*.py")):
        place = path.relative_to(PRODUCT)
        if place.parts[0] not in ELSEWHERE and str(place) not in ELSEWHERE:
            yield path


def mutations_of(path: Path) -> Iterator[Mutation]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    places = {id(node): place for place, node in enumerate(nodes)}
    for node, name, replace in edits(tree, path.relative_to(PRODUCT)):
        if name in HARMLESS:
            continue
        mutant = copy.deepcopy(tree)
        target = list(ast.walk(mutant))[places[id(node)]]
        _Replacer(target, replace).visit(mutant)
        ast.fix_missing_locations(mutant)
        line = getattr(node, "lineno", 0)
        yield Mutation(path, line, name, ast.unparse(mutant))


class _Replacer(ast.NodeTransformer):
    def __init__(
        self, target: ast.AST, replace: Callable[[ast.AST], ast.AST | list[ast.stmt]]
    ) -> None:
        self.target = target
        self.replace = replace

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        return self.replace(node) if node is self.target else self.generic_visit(node)


def edits(tree: ast.Module, place: Path) -> Iterator[Edit]:
    package = place.parts[0]
    if place == Path("settings.py"):
        yield from _middleware(tree)
    yield from _transitions(tree)
    for name, function in _functions(tree):
        yield from _refusals(function, name, package)
        yield from _fetches(function, name)
        yield from _decorators(function, name)
        if _is_rule(function, name):
            yield from _rule(function, name)
        if place.name == "views.py":
            yield from _signing_in(function, name)
        yield from _without_arguments(function, name, {"document"}, positional=False)


def _functions(parent: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each function with its qualified name; a nested one is met on its own only."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.With | ast.Try | ast.If):
            yield from _functions(node, prefix)


def _walk(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, without the functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.AnnAssign):
            waiting = [*([node.value] if node.value else []), *waiting]
            continue
        yield node
        waiting = [*ast.iter_child_nodes(node), *waiting]


def _called(node: ast.AST) -> str:
    """The name of what is called, without what it belongs to."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _expression(source: str) -> Callable[[ast.AST], ast.AST]:
    return lambda node: ast.parse(source, mode="eval").body


def _nothing(node: ast.AST) -> ast.AST:
    return ast.Pass()


def _refusals(function: ast.FunctionDef, name: str, package: str) -> Iterator[Edit]:
    kinds = REFUSALS | ({"StaleAnswer"} if package in STALE_PACKAGES else set())
    kinds |= {"Conflict"} if name == "open_coe" else set()
    for node in _walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = _called(node.exc) or getattr(node.exc, "id", "")
            if raised in kinds:
                yield node, f"{name}: raise {raised}", _nothing
        if isinstance(node, ast.Expr) and _called(node.value) == "require_administrator":
            yield node, f"{name}: require_administrator", _nothing


def _fetches(function: ast.FunctionDef, name: str) -> Iterator[Edit]:
    """Each way in which a function fetches through who asks; the same way twice is one check."""
    if "." not in name or name.split(".")[0][0].isupper():
        for called in sorted({_called(node) for node in ast.walk(function)} & set(WEAKER)):
            yield function, f"{name}: {called}", _weaker(called)
    for node in _walk(function):
        if _called(node) in SIGHT:
            yield node, f"{name}: .{_called(node)}()", _everything


def _weaker(called: str) -> Callable[[ast.AST], ast.AST]:
    module, weaker = WEAKER[called]

    def replace(node: ast.AST) -> ast.AST:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and _called(call) == called:
                call.func = _imported(module, weaker)
        return node

    return replace


def _imported(module: str, name: str) -> ast.expr:
    return ast.parse(f'__import__("{module}", fromlist=["{name}"]).{name}', mode="eval").body


def _everything(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    node.func.attr, node.args, node.keywords = "all", [], []
    return node


def _decorators(function: ast.FunctionDef, name: str) -> Iterator[Edit]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id == "administrators_only":
            yield function, f"{name}: @administrators_only", _without_decorator(decorator.id)


def _without_decorator(unwanted: str) -> Callable[[ast.AST], ast.AST]:
    def replace(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.FunctionDef)
        node.decorator_list = [
            each for each in node.decorator_list if getattr(each, "id", "") != unwanted
        ]
        return node

    return replace


def _signing_in(function: ast.FunctionDef, name: str) -> Iterator[Edit]:
    is_view = bool(function.args.args) and function.args.args[0].arg == "request"
    decorators = {getattr(each, "id", "") for each in function.decorator_list}
    if is_view and not name.startswith("_") and "login_not_required" not in decorators:
        yield function, f"{name}: without signing in", _without_signing_in


def _without_signing_in(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.FunctionDef)
    marker = _imported("django.contrib.auth.decorators", "login_not_required")
    node.decorator_list.append(marker)
    return node


def _middleware(tree: ast.Module) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for kind in ("SignInRequired", "CsrfViewMiddleware"):
                if node.value.endswith(f".{kind}"):
                    harmless = "django.middleware.common.CommonMiddleware"
                    yield node, f"MIDDLEWARE: {kind}", _expression(repr(harmless))


def _transitions(tree: ast.Module) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    key is not None
                    and isinstance(value, ast.Call)
                    and _called(value) == "Transition"
                ):
                    name = f"TRANSITIONS: {ast.unparse(key)}"
                    yield value.args[0], name, _expression("lambda user, document: True")


def _is_rule(function: ast.FunctionDef, name: str) -> bool:
    arguments = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    return (bool(arguments & ASKERS) or name in MORE_RULES) and function.name not in NO_RULES


def _rule(function: ast.FunctionDef, name: str) -> Iterator[Edit]:
    """A rule without each of its conditions."""
    is_yes_or_no = getattr(function.returns, "id", "") == "bool"
    yield from _without_arguments(function, name, PEOPLE, positional=True)
    for node in _walk(function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd):
            yield node, f"{name}: only {_short(node.left)}", lambda node: node.left  # type: ignore[attr-defined]
            yield node, f"{name}: only {_short(node.right)}", lambda node: node.right  # type: ignore[attr-defined]
        elif isinstance(node, ast.BoolOp):
            for index, value in enumerate(node.values):
                yield node, f"{name}: without {_short(value)}", _without_value(index)
        elif isinstance(node, ast.If) and isinstance(node.body[0], ast.Return):
            yield node.test, f"{name}: never if {_short(node.test)}", _expression("False")
            yield node.test, f"{name}: always if {_short(node.test)}", _expression("True")
        elif isinstance(node, ast.IfExp) and ast.unparse(node.orelse) == "''":
            yield node, f"{name}: always {_short(node.body)}", lambda node: node.body  # type: ignore[attr-defined]
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield test, f"{name}: any, not {_short(test)}", _expression("True")
        elif is_yes_or_no and isinstance(node, ast.Return) and _is_worked_out(node.value):
            yield node.value, f"{name}: return True", _expression("True")


def _is_worked_out(value: ast.expr | None) -> TypeGuard[ast.expr]:
    """Whether a value is not simply written down."""
    return value is not None and not isinstance(value, ast.Constant)


def _without_arguments(
    function: ast.FunctionDef, name: str, keywords: set[str], *, positional: bool
) -> Iterator[Edit]:
    """Each filter of rows without each of its arguments that says whose they are."""
    for node in _walk(function):
        if not isinstance(node, ast.Call) or _called(node) not in FILTERS:
            continue
        of = f"{name}: {_short(node.func)} without"
        for keyword in node.keywords:
            if keyword.arg in keywords:
                yield node, f"{of} {keyword.arg}", _without_keyword(keyword.arg)
        if positional and _called(node) in ("filter", "exclude"):
            for index, argument in enumerate(node.args):
                yield node, f"{of} {_short(argument)}", _without_argument(index)


def _without_keyword(unwanted: str) -> Callable[[ast.AST], ast.AST]:
    def replace(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        node.keywords = [each for each in node.keywords if each.arg != unwanted]
        return node

    return replace


def _without_argument(index: int) -> Callable[[ast.AST], ast.AST]:
    def replace(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        del node.args[index]
        return node

    return replace


def _without_value(index: int) -> Callable[[ast.AST], ast.AST]:
    def replace(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.BoolOp)
        del node.values[index]
        return node if len(node.values) > 1 else node.values[0]

    return replace


def _short(node: ast.AST) -> str:
    words = ast.unparse(node)
    return words if len(words) <= 60 else f"{words[:57]}..."
