package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
)

const completionHelp = `masto-profile completion bash|zsh|fish

prints a script that completes commands and flags:

  source <(masto-profile completion bash)         in ~/.bashrc
  source <(masto-profile completion zsh)          in ~/.zshrc, after compinit
  masto-profile completion fish | source          in ~/.config/fish/config.fish
`

// completion prints a script for a shell.
func (p *program) completion(ctx context.Context, args []string) error {
	f := flags("completion")
	if err := p.parse(f, completionHelp, args); err != nil {
		return err
	}
	switch f.Arg(0) {
	case "bash":
		fmt.Fprint(p.out, bashCompletion(commandFlags(ctx)))
	case "zsh":
		fmt.Fprint(p.out, "autoload -U +X bashcompinit && bashcompinit\n"+bashCompletion(commandFlags(ctx)))
	case "fish":
		fmt.Fprint(p.out, fishCompletion(commandFlags(ctx)))
	default:
		return exit(exitUsage, "completion takes the name of a shell: bash, zsh or fish")
	}
	return nil
}

// commandFlags returns the flags of each command by its name.
func commandFlags(ctx context.Context) map[string][]*flag.Flag {
	all := map[string][]*flag.Flag{}
	for _, c := range commands() {
		asked := &program{capture: func(f *flag.FlagSet) {
			f.VisitAll(func(g *flag.Flag) { all[c.name] = append(all[c.name], g) })
		}}
		_ = c.run(asked, ctx, []string{"-help"}) // It always returns flag.ErrHelp.
	}
	return all
}

// bashCompletion returns a script for bash.
func bashCompletion(flagsOf map[string][]*flag.Flag) string {
	var b strings.Builder
	b.WriteString("_masto_profile() {\n\tlocal word words command\n\tword=${COMP_WORDS[COMP_CWORD]}\n")
	b.WriteString("\tfor command in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\" ''; do\n\t\tcase $command in\n")
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
		var dashed []string
		for _, f := range flagsOf[c.name] {
			dashed = append(dashed, "-"+f.Name)
		}
		words := strings.Join(dashed, " ")
		switch c.name {
		case "help":
			words = "$names"
		case "completion":
			words = "bash zsh fish"
		}
		fmt.Fprintf(&b, "\t\t%s) words=%q; break ;;\n", c.name, words)
	}
	list := strings.Join(names, " ")
	fmt.Fprintf(&b, "\t\t'') words=%q ;;\n\t\tesac\n\tdone\n", list)
	b.WriteString("\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\") $(compgen -f -- \"$word\"))\n}\n")
	b.WriteString("complete -o filenames -F _masto_profile masto-profile\n")
	return strings.ReplaceAll(b.String(), "$names", list)
}

// fishCompletion returns a script for fish.
func fishCompletion(flagsOf map[string][]*flag.Flag) string {
	var b strings.Builder
	for _, c := range commands() {
		fmt.Fprintf(&b, "complete -c masto-profile -n __fish_use_subcommand -a %s -d %s\n",
			c.name, fishQuoted(c.summary))
	}
	for _, c := range commands() {
		for _, f := range flagsOf[c.name] {
			_, usage := flag.UnquoteUsage(f)
			fmt.Fprintf(&b, "complete -c masto-profile -n '__fish_seen_subcommand_from %s' -o %s -d %s\n",
				c.name, f.Name, fishQuoted(usage))
		}
	}
	return b.String()
}

// fishQuoted returns a text in the quotes of fish.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
