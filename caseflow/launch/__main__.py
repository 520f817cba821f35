"""``python -m caseflow.launch``: what ``make run`` runs."""

import os
import sys

from caseflow.launch.instance import REPOSITORY, Options
from caseflow.launch.parts import caseflow_programs
from caseflow.launch.problems import LaunchError, explain
from caseflow.launch.supervisor import Supervisor


def main() -> int:
    """Run until told to stop. 0 after a clean stop, 1 with one sentence on the console otherwise."""
    try:
        options = Options.from_environment(os.environ)
        try:
            Supervisor(options, caseflow_programs(options)).run()
        except OSError as error:
            raise explain(error, options.instance if options.instance.exists() else REPOSITORY) from error
    except LaunchError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
