"""A real Spark cluster on loopback (a master, two workers) says in every column what Polars says."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from random_book import at_the_bounds

from tdcs.cli.bench_book import Invented
from tdcs.closing.rules.history import CONTRACT
from tdcs.closing.rules.rows import SUM_KEYS, SUMS, accrue_day, figures, split_balance, sums
from tdcs.closing.rules.step import close
from tdcs.core.columns import day_number
from tdcs.loans.rules.events import EVENT

if shutil.which("java") is None:
    pytest.skip("no java on this machine: the cluster cannot start", allow_module_level=True)
if importlib.util.find_spec("pyspark") is None:
    pytest.skip("pyspark (extra `cluster`) is not installed", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")
DAY = day_number(date(2026, 5, 25))
SRC = Path(__file__).resolve().parents[2] / "src"
# Six machines of Java live for seconds only: what pays off in hours of work costs these most of their time.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:CICompilerCount=1"


def told(process: subprocess.Popen[str], words: str) -> None:
    """Waits until the process says the words."""
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if words in line:
            # Somebody reads on, so that the process never waits for its pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return
    raise AssertionError("".join(lines[-20:]))


# Spark writes Java for each expression and compiles it: half of these tests' time. What the expressions say is the same
# without; `make soak` has the compiled ones too.
EXPRESSIONS = [
    pytest.param(False, id="interpreted"),
    pytest.param(True, id="compiled", marks=pytest.mark.soak),
]


@pytest.fixture(scope="module", params=EXPRESSIONS)
def spark(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    import pyspark
    from pyspark.sql import SparkSession

    compiled: bool = request.param
    place = tmp_path_factory.mktemp("spark")
    home = Path(pyspark.__file__).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
        "SPARK_WORKER_DIR": str(place / "work"),
        "SPARK_LOG_DIR": str(place / "log"),
        "PYTHONPATH": str(SRC),
        "PYSPARK_PYTHON": sys.executable,
    }

    def begin(kind: str, *given: str) -> subprocess.Popen[str]:
        argv = [
            str(home / "bin/spark-class"),
            f"org.apache.spark.deploy.{kind}",
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            *given,
        ]
        return subprocess.Popen(
            argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    master = begin("master.Master", "--port", str(port))
    running = [master]
    before = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "SPARK_LOCAL_IP")}
    os.environ |= {name: env[name] for name in before}
    try:
        told(master, "New state: ALIVE")
        url = f"spark://127.0.0.1:{port}"
        workers = [
            begin("worker.Worker", "--cores", "1", "--memory", "512m", url) for _ in range(2)
        ]
        running += workers
        for worker in workers:
            told(worker, "Successfully registered with master")
        session = (
            SparkSession.builder.master(url)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.memory", "512m")
            .config("spark.executor.memory", "512m")
            .config("spark.executor.cores", "1")
            .config("spark.driver.extraJavaOptions", JAVA)
            .config("spark.executor.extraJavaOptions", JAVA)
            .config("spark.executorEnv.PYTHONPATH", str(SRC))
            .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.wholeStage", compiled)
            .config("spark.sql.codegen.factoryMode", "FALLBACK" if compiled else "NO_CODEGEN")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(timeout=60)
            if process.stdout:
                process.stdout.close()


@pytest.fixture(scope="module")
def book() -> Invented:
    return Invented(3000, 600, DAY, pack=3000)


def sent(spark: Any, frame: pl.DataFrame) -> Any:
    """A frame on the cluster, in the types of the rules."""
    from tdcs.closing.cluster import spark_schema

    names = tuple(frame.columns)
    return spark.createDataFrame(
        frame.to_arrow(compat_level=pl.CompatLevel.oldest()), spark_schema(names)
    ).coalesce(2)


def back(frame: Any, *order: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(frame.toArrow())).sort(order)


def assert_same(spark_says: pl.DataFrame, polars_says: pl.DataFrame) -> None:
    assert spark_says.columns == polars_says.columns
    assert len(spark_says) == len(polars_says) > 0
    for name in polars_says.columns:
        a, b = spark_says[name].cast(polars_says[name].dtype), polars_says[name]
        assert a.equals(b), f"{name}: {[(x, y) for x, y in zip(a, b, strict=True) if x != y][:3]}"


def test_two_workers_are_there(spark: Any) -> None:
    hosts = (
        spark.sparkContext.parallelize(range(4), 4).map(lambda _: os.getppid()).distinct().collect()
    )
    assert spark.sparkContext.master.startswith("spark://127.0.0.1:")
    assert len(hosts) >= 2


def test_a_days_interest_and_figures_as_sparks_own_columns(spark: Any, book: Invented) -> None:
    from tdcs.closing.cluster import figures_of, quiet_day

    for rows in (book.rows, at_the_bounds()):
        there = quiet_day(sent(spark, rows), DAY)
        here = accrue_day(split_balance(nw.from_native(rows, eager_only=True), DAY))
        assert_same(back(there, "loan"), here.to_native().sort("loan"))
        assert_same(back(figures_of(there), "loan"), figures(here).to_native().sort("loan"))


def test_sums_as_sparks_own_columns(spark: Any, book: Invented) -> None:
    from tdcs.closing.cluster import sums_of

    found = back(
        sums_of(sent(spark, book.rows), *SUM_KEYS, month_start=book.month_start), *SUM_KEYS
    )
    here = sums(nw.from_native(book.rows, eager_only=True), *SUM_KEYS, month_start=book.month_start)
    assert_same(found, here.to_native())
    assert found.columns == [*SUM_KEYS, *SUMS]


def given_of(book: Invented) -> pl.DataFrame:
    """Everything that the day brings, by office."""
    from tdcs.closing.cluster import CONTRACTS, EVENTS, GIVEN, HISTORIES, OPENED

    pack = book.pack(0)
    office = pack.contracts.to_native().select("loan", "office").unique("loan")
    asked = pack.today.events.filter(pack.turned()).select("loan").unique()
    parts = (
        (EVENTS, pack.today.events),
        (OPENED, pack.today.opened),
        (CONTRACTS, pack.contracts.join(asked, on="loan", how="semi")),
        (HISTORIES, pack.histories.join(asked, on="loan", how="semi")),
    )
    frames = []
    for what, frame in parts:
        native = frame.to_native()
        if "office" not in native.columns:
            native = native.join(office, on="loan", how="left")
        frames.append(native.with_columns(what=pl.lit(what)))
    return pl.concat(frames, how="diagonal").select(GIVEN)


def test_a_whole_close_by_office_equals_one_machine(spark: Any, book: Invented) -> None:
    """Payments, new loans, extensions, freezes and reversals of one day."""
    from tdcs.closing.cluster import close_by_office

    pack = book.pack(0)
    rows = nw.from_native(pack.rows.sort("loan"), eager_only=True)
    asked = pack.today.events.filter(pack.turned()).select("loan").unique()
    assert len(asked) >= 1
    here = close(
        rows, pack.today, pack.contracts.join(asked, on="loan", how="semi"),
        pack.histories.join(asked, on="loan", how="semi"),
    )  # fmt: skip
    there = close_by_office(
        sent(spark, pack.rows), sent(spark, given_of(book)), DAY, book.month_start
    )
    assert_same(back(there, "loan"), here.rows.to_native().sort("loan"))
    assert set(CONTRACT) | set(EVENT) <= set(given_of(book).columns)
