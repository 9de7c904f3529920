// Errors on the page: one sentence in the paragraph of a part.

/** Runs `action`; what it throws is shown in `paragraph`. Returns whether it threw nothing. */
export async function orSay(paragraph, action) {
  paragraph.hidden = true;
  try {
    await action();
    return true;
  } catch (error) {
    // A file's name stays as it is.
    const sentence = error.message.replace(/^[a-z]+ /, (word) => word[0].toUpperCase() + word.slice(1));
    paragraph.textContent = /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
    paragraph.hidden = false;
    return false;
  }
}

/** Throws the error anew, with the name of the file that it is about. */
export function about(name, action) {
  try {
    return action();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
}
