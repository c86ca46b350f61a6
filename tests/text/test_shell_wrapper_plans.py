"""The table of wrappers keeps to its own form."""

from suragh.text.shell_wrapper_plans import PLANS


def test_programs_are_base_names_in_lower_case() -> None:
    """They are looked up that way."""
    assert [name for name in PLANS if name != name.lower() or "/" in name or name.endswith(".exe")] == []


def test_options_that_take_a_value_are_options() -> None:
    """Each is one dash and a letter, or two dashes and a name; nothing else is ever looked up."""
    options = [option for plan in PLANS.values() for option in plan.valued]

    assert len(options) > 100
    assert [option for option in options if len(option.lstrip("-")) < 1 or not option.startswith("-")] == []
    assert [option for option in options if not option.startswith("--") and len(option) != 2] == []


def test_a_host_is_an_operand_that_is_skipped() -> None:
    """A plan that names a host skips it and gives the rest to a shell."""
    assert [name for name, plan in PLANS.items() if plan.host and not (plan.skip == 1 and plan.text)] == []
