/** What each shell is told: to ask `models --complete` with the words up to the cursor, and to take a word a line, with a tab and a description behind it. */

/** Of bash 3.2 too, which macOS has. Signs that part words for readline, such as the colon, stand before what it replaces. */
const bash = `# models completion bash >> ~/.bashrc
_models_completion() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current before word IFS=$' \\t\\n'
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]}-1]}"
  before="\${current%"\${current##*[:=@]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("\${word#"$before"}")
  done < <(models --complete "\${words[@]:1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *[:.] ]] && type compopt &>/dev/null; then compopt -o nospace; fi
}
complete -o bashdefault -o default -F _models_completion models
`;

const zsh = `#compdef models
# models completion zsh >> ~/.zshrc, or into a file _models in a folder of $fpath
_models() {
  local line word
  local -a closed open
  for line in "\${(@f)$(models --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] || continue
    word="\${line%%$'\\t'*}"
    line="\${line#*$'\\t'}"
    line="\${word//:/\\\\:}\${line:+:}$line"
    if [[ "$word" == *[:.] ]]; then open+=("$line"); else closed+=("$line"); fi
  done
  if (( \${#closed} + \${#open} )); then
    (( \${#closed} )) && _describe -t values models closed
    (( \${#open} )) && _describe -t methods models open -S ''
    return 0
  fi
  _default
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then
  _models "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _models models
fi
`;

const fish = `# models completion fish > ~/.config/fish/completions/models.fish
function __models_completion
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l found (models --complete $words[2..-1] "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c models -f -a '(__models_completion)'
`;

export const scripts = { bash, zsh, fish } as const;
