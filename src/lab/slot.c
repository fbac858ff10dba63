// SPDX-License-Identifier: MIT
// How services are: a file of the lab's folder that is memory of its nodes.
#include "lab/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "lab/build.h"
#include "lab/folder.h"
#include "topology/start.h"

/* Note in `progress` which is the first of each node. Returns how many there are. */
static size_t number_services(const struct topology *topology, struct progress *progress)
{
	uint32_t count = 0;

	for (size_t i = 0; i < topology->node_count; i++) {
		progress[i].slot = count;
		for (size_t k = 0; k < topology->nodes[i].command_count; k++)
			count += topology->nodes[i].commands[k].kind == COMMAND_SERVICE;
	}
	return count;
}

static void fill(struct slot *slot, const struct topology *topology)
{
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 0; k < node->command_count; k++) {
			if (node->commands[k].kind != COMMAND_SERVICE)
				continue;
			snprintf(slot->node, sizeof(slot->node), "%s", node->name);
			snprintf(slot->name, sizeof(slot->name), "%s", node->commands[k].name);
			slot++;
		}
	}
}

int slots_make(struct build *build, struct error *err)
{
	const struct topology *topology = build->plan->topology;
	size_t size = number_services(topology, build->progress) * sizeof(*build->slots);
	AUTO_CLOSE int fd = -1;
	void *memory;
	int failed;

	if (!size)
		return 0;
	fd = openat(build->folder, FOLDER_SERVICES, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, errno, "cannot make the file of the lab's services");
	/* All of it at once: on a disk that is full a store would be a death by SIGBUS. */
	failed = posix_fallocate(fd, 0, (off_t)size);
	if (failed)
		return error_set(err, failed, "cannot make the file of the lab's services");
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return error_set(err, errno, "cannot map the file of the lab's services");
	build->slots = memory;
	fill(build->slots, topology);
	return 0;
}

void slot_set(struct slot *slot, enum service_state state, pid_t pid, int status, uint32_t restarts)
{
	__atomic_store_n(&slot->turn, slot->turn + 1, __ATOMIC_SEQ_CST);
	slot->state = state;
	slot->pid = pid;
	slot->status = status;
	slot->restarts = restarts;
	slot->since = (uint64_t)time(NULL);
	__atomic_store_n(&slot->turn, slot->turn + 1, __ATOMIC_SEQ_CST);
}

void slot_get(const struct slot *slot, struct slot *copy)
{
	uint32_t before;

	/* Not for ever: the writer may have been killed within its turn. */
	for (int tries = 0; tries < 1000; tries++) {
		before = __atomic_load_n(&slot->turn, __ATOMIC_SEQ_CST);
		*copy = *slot;
		if (!(before & 1) && before == __atomic_load_n(&slot->turn, __ATOMIC_SEQ_CST))
			break;
	}
	copy->node[sizeof(copy->node) - 1] = copy->name[sizeof(copy->name) - 1] = '\0';
}

ssize_t slots_open(const char *folder, const struct slot **slots)
{
	AUTO_CLOSE int fd = -1;
	char path[4200];
	struct stat st;
	void *memory;

	*slots = NULL;
	snprintf(path, sizeof(path), "%s/" FOLDER_SERVICES, folder);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size % (off_t)sizeof(**slots))
		return -EPROTO;
	memory = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	*slots = memory;
	return st.st_size / (off_t)sizeof(**slots);
}

void slots_close(const struct slot *slots, ssize_t count)
{
	if (count > 0)
		munmap((void *)(uintptr_t)slots, (size_t)count * sizeof(*slots)); /* NOLINT */
}
