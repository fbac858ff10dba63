# SPDX-License-Identifier: MIT
# Completion of nslab for bash: verbs, options, running labs and nodes, topology files.
# What there is to complete nslab itself says: its help, `list --names`, `status --names`.

_nslab_verbs()
{
	nslab --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p'
}

_nslab_options()
{
	nslab "$1" -h 2>/dev/null | sed -n -e '/^examples/q' -e 's/^  \(-.\), \(--[a-z-]*\).*/\1 \2/p' \
		-e 's/^ *\(--[a-z-]*\).*/\1/p'
}

_nslab_labs()
{
	nslab list --names 2>/dev/null
}

_nslab_files()
{
	compgen -d -S / -- "$1"
	compgen -f -X '!*.ini' -- "$1"
}

# The nodes for a word that may begin with LAB/ or with NODE,: whole words, as bash replaces all of it.
_nslab_nodes()
{
	local word=$1 lab=$2 head='' node

	if [[ $word == *,* ]]; then
		head=${word%,*},
		word=${word##*,}
	fi
	if [[ $word == */* ]]; then
		lab=${word%/*}
		head=$head$lab/
	elif [[ $head == */* ]]; then
		lab=${head%%/*}
	fi
	while read -r node; do
		printf '%s\n' "$head$node"
	done < <(nslab status --names ${lab:+-l "$lab"} 2>/dev/null)
	[[ $head ]] || _nslab_labs | sed 's:$:/:'
}

# What of a node has logs.
_nslab_logs()
{
	nslab logs --names ${2:+-l "$2"} "$1" 2>/dev/null
}

# Links, and what can be done with them once one is named.
_nslab_links()
{
	nslab link --names ${1:+-l "$1"} 2>/dev/null
	((first)) || return 0
	printf '%s\n' down up reset delay= jitter= distribution= loss= duplicate= corrupt= reorder= rate= \
		limit= seed=
}

# Sets COMPREPLY to those of the words on standard input that begin with $1.
_nslab_reply()
{
	local word

	COMPREPLY=()
	while read -r word; do
		[[ $word == "$1"* ]] && COMPREPLY+=("$word")
	done
	[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=] ]] && compopt -o nospace
	return 0
}

# The lab that -l names and the place of the first argument that is no option, behind the verb.
_nslab_look()
{
	local i

	lab=''
	first=0
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-l | --lab) lab=${COMP_WORDS[++i]} ;;
		-n | --lines) ((i++)) ;;
		-C | --directory | -o | --output | --hosts | --routing | --seed) ((++i)) ;;
		-*) ;;
		*)
			first=$i
			return
			;;
		esac
	done
}

# A node, then paths in it, which mostly are the machine's too; a folder behind -C.
_nslab_saved()
{
	if [[ $3 == -C || $3 == --directory ]]; then
		_nslab_reply "$1" < <(compgen -d -S / -- "$1")
	elif ((first)); then
		_nslab_reply "$1" < <(compgen -d -S / -- "$1"; compgen -f -- "$1")
	else
		_nslab_reply "$1" < <(_nslab_nodes "$1" "$2")
	fi
}

_nslab_command()
{
	local at=$((first + 1))

	[[ ${COMP_WORDS[at]} == -- ]] && ((at++))
	if ((COMP_CWORD > at)) && declare -F _command_offset >/dev/null; then
		_command_offset "$at"
	elif ((COMP_CWORD >= at)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
	fi
}

_nslab()
{
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
	local lab first

	if ((COMP_CWORD == 1)); then
		_nslab_reply "$cur" < <(_nslab_verbs; printf '%s\n' --help --version)
		return
	fi
	_nslab_look
	if [[ $before == -l || $before == --lab ]]; then
		_nslab_reply "$cur" < <(_nslab_labs; _nslab_files "$cur")
	elif [[ $before == --routing ]]; then
		_nslab_reply "$cur" < <(printf '%s\n' static ospf bgp none)
	elif [[ $before == --junit || ($verb == new && $before == @(-o|--output)) ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	elif [[ $verb == exec ]] && ((first)); then
		_nslab_command
	elif [[ $cur == -* ]]; then
		_nslab_reply "$cur" < <(_nslab_options "$verb" | tr ' ' '\n')
	else
		case $verb in
		up | plan | check) _nslab_reply "$cur" < <(_nslab_files "$cur") ;;
		new) ((first)) || _nslab_reply "$cur" < <(nslab new --names | cut -d' ' -f1) ;;
		down) _nslab_reply "$cur" < <(_nslab_labs) ;;
		save) _nslab_saved "$cur" "$lab" "$before" ;;
		shell) ((first)) || _nslab_reply "$cur" < <(_nslab_nodes "$cur" "$lab") ;;
		test)
			if [[ " ${COMP_WORDS[*]} " == *" --up "* ]]; then
				_nslab_reply "$cur" < <(_nslab_files "$cur")
			else
				_nslab_reply "$cur" < <(nslab test --names ${lab:+-l "$lab"} 2>/dev/null)
			fi
			;;
		link) _nslab_reply "$cur" < <(_nslab_links "$lab") ;;
		logs)
			if ((first)); then
				_nslab_reply "$cur" < <(_nslab_logs "${COMP_WORDS[first]}" "$lab")
			else
				_nslab_reply "$cur" < <(_nslab_nodes "$cur" "$lab")
			fi
			;;
		status | exec | explain) _nslab_reply "$cur" < <(_nslab_nodes "$cur" "$lab") ;;
		esac
	fi
}

complete -F _nslab nslab
