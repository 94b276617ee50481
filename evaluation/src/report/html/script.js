const form = document.querySelector("#filter");
const errors = [...document.querySelectorAll("article")];
const show = () => {
  const words = form.words.value.toLowerCase();
  let shown = 0;
  for (const error of errors) {
    const is = (name) => !form[name].value || error.dataset[name] === form[name].value;
    error.hidden = !(is("hand") && is("predicted") && error.textContent.toLowerCase().includes(words));
    shown += !error.hidden;
  }
  document.querySelector("#shown").textContent = `${shown} of ${errors.length} shown`;
};
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show();
