"""The reader of the README refuses what nobody would try."""

from __future__ import annotations

import pytest

from tests.packaging.readme import Step, steps_of

README = """# Name

## Plug it into your site

Install it:

<!-- step: shell -->
```sh
pip install name
```

<!-- step: urls -->

```python
path("x/", include("name.urls")),
```

## More

```sh
not a step
```
"""


def test_the_steps_are_read_in_order() -> None:
    assert steps_of(README) == [
        Step("shell", "pip install name\n"),
        Step("urls", 'path("x/", include("name.urls")),\n'),
    ]


def test_a_block_that_nobody_would_try_is_refused() -> None:
    with pytest.raises(ValueError, match="announced by no"):
        steps_of(README.replace("<!-- step: shell -->", ""))


def test_a_readme_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="no section"):
        steps_of(README.replace("## Plug", "## How to plug"))
