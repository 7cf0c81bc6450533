"""The notebook for analysts is stored bare, and runs from top to bottom."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

SHILI = Path(__file__).parents[2] / "examples" / "shili"
NOTEBOOK = SHILI / "analysis.ipynb"


def test_it_is_stored_without_outputs_and_without_a_machine() -> None:
    """Nothing in it comes from running it anywhere; it says that the county is invented."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) > 8
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert "示例旗不存在" in notebook.cells[0].source


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kernel of this very interpreter, whatever others are installed."""
    folder = tmp_path / "kernels" / "here"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "here", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for place in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(place, str(tmp_path / place.lower()))
    return "here"


def test_it_runs_from_top_to_bottom(kernel: str) -> None:
    """Every cell, and what its reader must see is there."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(
        notebook, kernel_name=kernel, timeout=300, resources={"metadata": {"path": SHILI}}
    ).execute()
    seen = json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)

    for words in (
        "学校 30 行",
        "错误 0，警告 1",
        "不达标",
        "0.505703",
        "示例旗第三小学 69.2%",
        "207842",
        "undetermined → pass",
        "469",
    ):
        assert words in seen, words
