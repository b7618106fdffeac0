import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { query } from '#portal/kit/queries.ts'
import { ExploreModel } from './ExploreModel.tsx'
import { readQuestion, writeQuestion } from './explore-search.ts'

/** A question to a model and its answer. The address is the question: reloading or sending it gives the same. */
export function ExplorePage() {
  const { model: name } = useParams({ from: '/explore/$model' })
  const search = useSearch({ from: '/explore/$model' })
  const navigate = useNavigate({ from: '/explore/$model' })
  const { data: model } = useSuspenseQuery(query('GET /v1/models/:model', { params: { model: name } }))
  const { read: question, ignored } = readQuestion(search, model)
  return (
    <ExploreModel
      key={name}
      model={model}
      question={question}
      ignored={ignored}
      change={(patch) => void navigate({ search: writeQuestion({ ...question, ...patch }), resetScroll: false })}
    />
  )
}
