import type { CiRun } from '../../../core/linking/ci-run.ts';
import { clean } from '../text/clean.ts';

const systems: Record<CiRun['system'], string> = {
  github: 'GitHub Actions',
  gitlab: 'GitLab CI',
  buildkite: 'Buildkite',
};

/** `GitHub Actions, repository acme/web, branch main, run 1234`: what the subject says of the run. */
export function ciRunText(ci: CiRun): string {
  const { system, repository, pipeline, ref, branch, tag, environment, event, workflow } = ci;
  const { commit, run, job, step } = ci;
  const parts: [string, string | undefined][] = [
    ['repository', repository],
    ['pipeline', pipeline],
    ['branch', branch],
    ['tag', tag],
    ['ref', branch || tag ? undefined : ref],
    ['environment', environment],
    ['event', event],
    ['workflow', workflow],
    ['commit', commit],
    ['run', run],
    ['job', job],
    ['step', step],
  ];
  const said = parts.flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  return clean([systems[system], ...said].join(', '));
}
