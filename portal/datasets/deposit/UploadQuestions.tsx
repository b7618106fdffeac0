import { Button, Group, List, Modal, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import type { PickedFile } from './dropped-files.ts'
import type { Placement } from './upload-items.ts'
import { type Answer, answered, pathOf, type Question } from './upload-question.ts'

interface UploadQuestionsProps {
  readonly question: Question
  readonly onCancel: () => void
  readonly onDone: (files: (PickedFile & Placement)[]) => void
}

/** What to do with ZIPs, and with files whose names are taken: asked once for all of them, before anything is sent. */
export function UploadQuestions({ question, onCancel, onDone }: UploadQuestionsProps) {
  const [unpack, setUnpack] = useState('keep')
  const [taken, setTaken] = useState<Answer['taken']>('replace')
  const { zips, taken: there } = question
  return (
    <Modal opened onClose={onCancel} title="Before these are uploaded" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onDone(answered(question, { unpack: unpack === 'unpack', taken }))
        }}
      >
        <Stack gap="lg">
          {zips.length > 0 && (
            <Radio.Group
              label={zips.length === 1 ? `${zips[0]?.file.name} is a ZIP` : `${zips.length} files are ZIPs`}
              value={unpack}
              onChange={setUnpack}
            >
              <Stack gap="xs" mt="xs">
                <Radio
                  value="keep"
                  label="Keep as it is"
                  description="One file; who wants what is in it downloads it whole."
                />
                <Radio
                  value="unpack"
                  label="Unpack"
                  description="Each file in it becomes a file of the dataset, in its folder."
                />
              </Stack>
            </Radio.Group>
          )}
          {there.length > 0 && (
            <Radio.Group
              label={`${countedText(there.length, 'name is', 'names are')} taken already`}
              value={taken}
              onChange={(way) => setTaken(way as Answer['taken'])}
            >
              <List size="sm" my={4}>
                {there.slice(0, 5).map(({ picked, id }) => (
                  <List.Item key={id} style={{ overflowWrap: 'anywhere' }}>
                    {pathOf(picked)}
                  </List.Item>
                ))}
                {there.length > 5 && <List.Item>and {there.length - 5} more</List.Item>}
              </List>
              <Stack gap="xs" mt="xs">
                <Radio
                  value="replace"
                  label="Replace"
                  description="The new file takes the old one’s place; published versions keep the old one."
                />
                <Radio value="keep" label="Keep both" description="The new file gets a number after its name." />
                <Radio value="skip" label="Leave out" description="What is there stays." />
              </Stack>
            </Radio.Group>
          )}
          <Text size="sm" c="dimmed">
            {countedText(question.picked.length, 'file')} in all.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button type="submit">Upload</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
