"""Settings and help: engines, where the data lies, accounts, the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench import __version__
from workbench.assembly import Workbench
from workbench.services.accounts import ROLES, SignIn
from workbench.ui.handlers import PRIVATE, QUIET, allowed, choices, notify, table, told
from workbench.ui.strings import Strings, say

KEYS = (
    ("Ctrl+Enter", "confirm"),
    ("Alt+↑ / Alt+↓", "move"),
    ("Alt+1…5", "insert_match"),
    ("Alt+T", "add_term"),
    ("Alt+K", "concordance"),
    ("Alt+G", "go_to"),
    ("Alt+L", "lock"),
    ("Ctrl+Alt+1…9", "dismiss"),
    ("Alt+/", "help"),
    ("Enter", "enter"),
)


def build(workbench: Workbench, strings: Strings, tab: gr.Tab) -> None:
    """Add the page to *tab*; it is filled each time the tab is opened."""
    page = Page(workbench, SignIn(workbench.accounts))
    with gr.Row(equal_height=False):
        with gr.Column():
            help_text = gr.Markdown()
        with gr.Column():
            about = gr.Markdown()
            engines = gr.Dataframe(interactive=False, wrap=True, label=strings("settings.engines"))
    with gr.Accordion(strings("settings.accounts"), open=False):
        gr.Markdown(strings("settings.no_accounts"))
        accounts = gr.Dataframe(interactive=False)
        with gr.Row():
            name = gr.Textbox(label=strings("settings.account_name"))
            role = gr.Dropdown(
                label=strings("settings.account_role"), choices=list(ROLES), value="translator"
            )
            password = gr.Textbox(label=strings("settings.account_password"), type="password")
        add = gr.Button(strings("settings.account_add"))
    tab.select(page.start, None, [help_text, about, engines, accounts, role], **QUIET)
    add.click(page.add, [name, role, password], [accounts, name, password], **PRIVATE)


@dataclass(frozen=True)
class Page:
    """The page's handlers."""

    workbench: Workbench
    sign_in: SignIn

    def start(self, request: gr.Request) -> list[Any]:
        """Fill the page in the user's language."""
        identity = allowed(request, "read")
        with told(request):
            known = [[e.name, e.version, e.terms, e.licence] for e in self.workbench.engines()]
        columns = (
            "settings.engine",
            "settings.version",
            "settings.engine_terms",
            "settings.licence",
        )
        accounts = self._accounts(request) if identity.may("administer") else None
        roles = choices(request, "role", ROLES)
        return [
            _keys(request),
            self._about(request),
            table(request, columns, known),
            accounts,
            gr.Dropdown(choices=roles),
        ]

    def add(self, name: str, role: str, password: str, request: gr.Request) -> list[Any]:
        """Make an account."""
        allowed(request, "administer")
        with told(request):
            account = self.sign_in.add(name, role, password)
        notify("settings.account_added", request, name=account.name)
        return [self._accounts(request), "", ""]

    def _accounts(self, request: gr.Request) -> Any:
        columns = ("settings.account_name", "settings.account_role", "settings.created")
        rows = [
            [account.name, say(f"role.{account.role}", request), account.created[:10]]
            for account in self.workbench.accounts.list()
        ]
        return table(request, columns, rows)

    def _about(self, request: gr.Request) -> str:
        facts = [
            (say("settings.version", request), __version__),
            (say("settings.engine", request), self.workbench.settings.engine),
            (say("settings.state", request), f"`{self.workbench.settings.state}`"),
        ]
        lines = "\n".join(f"- **{label}** — {value}" for label, value in facts)
        return f"### {say('settings.about', request)}\n{lines}"


def _keys(request: gr.Request) -> str:
    lines = "\n".join(f"| `{keys}` | {say(f'keys.{name}', request)} |" for keys, name in KEYS)
    heads = f"| {say('dialog.key', request)} | {say('dialog.does', request)} |"
    return f"### {say('dialog.help', request)}\n{heads}\n|---|---|\n{lines}"
