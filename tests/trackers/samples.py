"""What Jira and GitHub answer about an issue, in the shapes that they have; the words are ours."""

from typing import Any

SITE = "https://tickets.example.com"


def jira_issue(
    key: str = "PRC-881",
    name: str = "To Do",
    category: str | None = "new",
    resolution: str | None = None,
) -> dict[str, Any]:
    """As Jira answers when it is asked for status and resolution alone."""
    status: dict[str, Any] = {
        "self": f"{SITE}/rest/api/2/status/10000",
        "description": "",
        "iconUrl": f"{SITE}/images/icons/statuses/generic.png",
        "name": name,
        "id": "10000",
    }
    if category is not None:
        status["statusCategory"] = {
            "self": f"{SITE}/rest/api/2/statuscategory/2",
            "id": 2,
            "key": category,
            "colorName": "blue-gray",
            "name": name,
        }
    closed = {"self": f"{SITE}/rest/api/2/resolution/1", "id": "1", "name": resolution}
    return {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog",
        "id": "10002",
        "self": f"{SITE}/rest/api/2/issue/10002",
        "key": key,
        "fields": {"status": status, "resolution": closed if resolution else None},
    }


def jira_found(*keys: str) -> dict[str, Any]:
    issues = [{"id": "10002", "key": key, "fields": {"labels": []}} for key in keys]
    return {"startAt": 0, "maxResults": 5, "total": len(issues), "issues": issues}


def jira_created(key: str = "PRC-900") -> dict[str, Any]:
    return {"id": "10010", "key": key, "self": f"{SITE}/rest/api/2/issue/10010"}


def github_issue(
    number: int = 12,
    state: str = "open",
    reason: str | None = None,
    body: str | None = None,
    created_at: str = "2026-11-22T08:00:00Z",
    repository: str = "octo/shop",
) -> dict[str, Any]:
    api = f"https://api.github.com/repos/{repository}"
    return {
        "url": f"{api}/issues/{number}",
        "repository_url": api,
        "html_url": f"https://github.com/{repository}/issues/{number}",
        "id": 444_500_000 + number,
        "node_id": "MDU6SXNzdWU0NDQ1MDAwNDE=",
        "number": number,
        "title": "Uploads fail when the disk is full",
        "user": {"login": "octo-ada", "id": 1000, "type": "User", "site_admin": False},
        "labels": [],
        "state": state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": 3,
        "created_at": created_at,
        "updated_at": "2026-11-22T09:00:00Z",
        "closed_at": None if state == "open" else "2026-11-22T09:00:00Z",
        "author_association": "MEMBER",
        "active_lock_reason": None,
        "body": body,
        "performed_via_github_app": None,
        "state_reason": reason,
    }
