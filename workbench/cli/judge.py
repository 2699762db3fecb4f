"""``workbench judge``: campaigns of human judgement over stored runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from workbench.cli.context import workbench_from, write_json, write_output
from workbench.errors import SettingsError

if TYPE_CHECKING:
    from workbench.domain.judgement import Kind, Results

Many = list[str] | None
Number = Annotated[int, typer.Argument(help="The campaign's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the verb group."""
    group = typer.Typer(help="Human judgement: direct assessment and marked errors, blind.")
    group.command("create")(create)
    group.command("list")(list_campaigns)
    group.command("invite")(invite)
    group.command("close")(close)
    group.command("delete")(delete)
    group.command("results")(results)
    group.command("export")(export)
    app.add_typer(group, name="judge")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What judges see as its name.")],
    run: Annotated[int, typer.Option(help="A stored run (workbench evaluate --runs).")],
    kind: Annotated[str, typer.Option(help="da: scores of 0–100; mqm: error spans.")] = "da",
    system: Annotated[Many, typer.Option(help="Only this system of the run; repeatable.")] = None,
    lines: Annotated[int | None, typer.Option(help="Draw so many lines of the set.")] = None,
    checks: Annotated[float, typer.Option(help="Share of attention checks, 0 to 0.5.")] = 0.1,
    judge: Annotated[Many, typer.Option(help="Invite a person by name; repeatable.")] = None,
    seed: Annotated[int, typer.Option(help="Of the order and of the lines drawn.")] = 12345,
    author: Annotated[str, typer.Option(help="Whose campaign it is.")] = "",
) -> None:
    """Make a campaign; judges find it on the page /judge."""
    made = workbench_from(context).lab.judgement.create(
        name, run, _kind(kind), author, system or (), lines, checks, judge or (), seed
    )
    typer.echo(f"{made.id}\t{made.name}\t{made.items} texts")


def list_campaigns(context: typer.Context, as_json: AsJson = False) -> None:
    """List the campaigns with each judge's progress; nothing names a system."""
    from workbench.services.evaluation.judgement_export import campaign_json

    campaigns = workbench_from(context).lab.judgement.campaigns
    found = [(campaign, campaigns.progress(campaign.id)) for campaign in campaigns.list()]
    if as_json:
        write_json([{**campaign_json(campaign), "progress": done} for campaign, done in found])
        return
    for campaign, done in found:
        state = "closed" if campaign.closed else "open"
        who = ", ".join(f"{judge} {count}/{campaign.items}" for judge, count in done.items())
        typer.echo(f"{campaign.id}\t{campaign.name}\t{campaign.kind}\t{state}\t{who}")


def invite(
    context: typer.Context,
    number: Number,
    judges: Annotated[list[str], typer.Argument(help="Names that they sign in with.")],
) -> None:
    """Let people judge who are no evaluators."""
    campaign = workbench_from(context).lab.judgement.invite(number, judges)
    typer.echo(", ".join(campaign.settings.judges), err=True)


def close(context: typer.Context, number: Number) -> None:
    """End a campaign for good; from then on results name the systems."""
    campaign = workbench_from(context).lab.judgement.close(number)
    typer.echo(f"closed: {campaign.name}", err=True)


def delete(context: typer.Context, number: Number) -> None:
    """Remove a campaign that nobody has judged yet."""
    workbench_from(context).lab.judgement.delete(number)


def results(
    context: typer.Context,
    number: Number,
    without: Annotated[Many, typer.Option(help="Leave a judge out; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show judges, failed checks and agreement; after the end the systems' scores."""
    from workbench.services.evaluation.judgement_export import campaign_json

    found = workbench_from(context).lab.judgement.results(number, without or ())
    if as_json:
        write_json({**_parts(found), "campaign": campaign_json(found.campaign)})
        return
    for line in _text(found):
        typer.echo(line)


def export(
    context: typer.Context,
    number: Number,
    to: Annotated[str, typer.Option(help="tsv (columns of MQM tools) or json.")] = "tsv",
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File, or - for stdout.")
    ] = None,
) -> None:
    """Write a closed campaign's judgements."""
    from workbench.services.evaluation.judgement_export import as_json, as_tsv

    writers = {"tsv": as_tsv, "json": as_json}
    if to not in writers:
        raise SettingsError("judgement.bad_format", name=to)
    content = writers[to](*workbench_from(context).lab.judgement.unblinded(number))
    write_output(content, output)


def _kind(name: str) -> Kind:
    return cast("Kind", name)  # the service refuses what is none


def _parts(found: Results) -> dict[str, object]:
    names = ("judges", "agreement", "systems", "comparisons", "without")
    return {name: getattr(found, name) for name in names}


def _text(found: Results) -> list[str]:
    lines = []
    for row in found.judges:
        share = row.failed_share
        failed = "no checks" if share is None else f"{share:.0%} of checks failed"
        mean = "" if row.mean is None else f"\tmean {row.mean:.1f}"
        lines.append(f"judge {row.judge}\t{row.done} texts\t{failed}{mean}")
    for each in found.agreement:
        who = f" {' – '.join(each.judges)}" if each.measure == "kappa" else ""
        value = "–" if each.value is None else f"{each.value:.3f}"
        if each.low is not None:
            value += f" ({each.low:.3f}–{each.high:.3f})"
        lines.append(f"{each.measure}{who}\t{value}\tn={each.items}\t{each.signature}")
    if not found.campaign.closed:
        lines.append(f"open: systems are named after workbench judge close {found.campaign.id}")
    for system in found.systems:
        for score in system.scores:
            interval = "" if score.low is None else f" ({score.low:.2f}–{score.high:.2f})"
            figure = f"{score.value:.2f}{interval}\tn={score.size}\t{score.signature}"
            lines.append(f"{system.system}\t{score.metric}\t{figure}")
    lines += [
        f"{pair.system} − {pair.baseline}\t{pair.metric}\t{pair.difference:+.2f}"
        f"\tp={pair.p_value:.4f}\tn={pair.size}\t{pair.test}"
        for pair in found.comparisons
    ]
    return lines
