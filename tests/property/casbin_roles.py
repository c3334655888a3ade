"""What random worlds ask about users and roles, and what they do to them."""

from __future__ import annotations

from . import casbin_steps as steps
from .casbin_models import ModelMaker
from .casbin_steps import Step
from .casbin_values import DOMAIN_MATCHES, DOMAINS, SUBJECTS, UNKNOWN


class RoleMaker(ModelMaker):
    """Makes questions and changes for the role definitions of a model."""

    def with_domains(self) -> list[str]:
        """The role definitions that ask about domains."""
        return [
            name for name, width in self.widths.items() if name[0] == "g" and width > 2
        ]

    def question_about_roles(self) -> Step:
        """Who has which role, as Casbin's methods for it say."""
        subject, role = self.one(SUBJECTS), self.one(SUBJECTS)
        if self.domains:
            domain = self.one((*DOMAINS, *UNKNOWN))
            choices = [
                steps.ask_roles("get_roles_for_user_in_domain", subject, domain),
                steps.ask_roles("get_users_for_role_in_domain", role, domain),
                steps.ask_roles("get_implicit_roles_for_user", subject, domain),
                steps.ask_roles("get_implicit_permissions_for_user", subject, domain),
                steps.ask_roles("get_all_roles_by_domain", domain),
            ]
        else:
            choices = [
                steps.ask_roles("get_roles_for_user", subject),
                steps.ask_roles("get_users_for_role", role),
                steps.ask_roles("get_implicit_roles_for_user", subject),
                steps.ask_roles("get_implicit_permissions_for_user", subject),
                steps.ask_roles("get_implicit_users_for_permission", "data1", "read"),
            ]
        return self.one(choices)  # type: ignore[no-any-return] # a choice

    def change_of_roles(self) -> Step:
        """What is done to users and roles, or to the manager that knows them."""
        subject, role = self.one(SUBJECTS), self.one(SUBJECTS[2:5])
        choices = [
            steps.call("delete_user", subject),
            steps.call("delete_role", role),
            steps.call("delete_permission", "data1"),
            steps.match_roles(by_domain=self.chance(0.5)),
            steps.take_manager(self.one((1, 2, 10))),
        ]
        if self.domains:
            link = subject, role, self.one(DOMAINS)
            ptype = self.one(self.with_domains())
            choices += [
                steps.match_domains(ptype, self.one(DOMAIN_MATCHES)),
                steps.call("add_role_for_user_in_domain", *link),
                steps.call("delete_roles_for_user_in_domain", *link),
            ]
        else:
            choices += [
                steps.call("add_role_for_user", subject, role),
                steps.call("delete_role_for_user", subject, role),
                steps.call("delete_roles_for_user", subject),
            ]
        return self.one(choices)  # type: ignore[no-any-return] # a choice
