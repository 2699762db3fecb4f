// Requests to /api/v1. Never throws: a lost network is status 0.

export async function request(method, path, body, options = {}) {
  const init = {method, headers: {}, ...options};
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, init);
  } catch {
    return {ok: false, status: 0, data: null};
  }
  let data = null;
  try {
    data = await answer.json();
  } catch {
    data = null; // an empty answer (204), or a proxy's page
  }
  return {ok: answer.ok, status: answer.status, data, next: answer.headers.get('x-next')};
}

/** What to tell the user about an answer that is not ok: [problem, remedy]. */
export function trouble(answer, words) {
  if (answer.status === 0) return [words('error.offline'), words('error.offline_remedy')];
  if (answer.data?.problem) return [answer.data.problem, answer.data.remedy ?? ''];
  return [words('error.server', {status: answer.status}), words('error.server_remedy')];
}
