// Talking to the sandbox. Errors carry a sentence for people.

async function call(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("连不上沙盒，它可能已经停止。");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `沙盒出错了（${response.status}）。`);
  return answer;
}

export const readState = () => call("/sandbox/state");
export const say = (message) => call("/sandbox/say", message);
export const advance = () => call("/sandbox/advance", {});
export const reset = () => call("/sandbox/reset", {});

// Calls `hear[name](data)` for every event, and `hear.back()` when the stream stands again after a break.
export function listen(hear) {
  const stream = new EventSource("/sandbox/events");
  let wasBroken = false;
  for (const name of ["message", "clock", "reset"]) {
    stream.addEventListener(name, (event) => hear[name](JSON.parse(event.data)));
  }
  stream.addEventListener("error", () => {
    wasBroken = true;
    hear.broken();
  });
  stream.addEventListener("open", () => {
    if (wasBroken) hear.back();
    wasBroken = false;
  });
}
